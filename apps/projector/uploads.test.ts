import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pictureFolder, putName, uploadName } from '#libs/channel/attachments/store.ts'
import { uuidv7 } from '#libs/journal/ids.ts'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import { createLogger } from '#libs/telemetry/logger.ts'
import { until } from '#libs/testing/until.ts'
import { keepUploadsSwept } from './uploads.ts'

test('what nobody has posted goes, whoever sent it in, while the store can be reached', async () => {
  const memory = createMemoryObjects()
  const put = async (account: string, id: string) => {
    await putName(memory, uploadName(account, '500', id))
    await memory.put(`${pictureFolder(account, '500', id)}/full.webp`, Buffer.from('x'))
  }
  const [old, young] = [uuidv7(Date.now() - 86_400_001), uuidv7()]
  await put('7', old)
  await put('8', young)
  let asked = 0
  const objects = {
    ...memory,
    list: async (prefix: string) => {
      if (++asked === 1) throw new Error('the store is away')
      return memory.list(prefix)
    },
  }
  const running = keepUploadsSwept(objects, createLogger('test', 'silent'), 1)
  await until(async () => (await memory.list('uploads/7/')).length === 0)
  await running.close()
  assert.deepEqual(await memory.list('attachments/'), [`${pictureFolder('8', '500', young)}/full.webp`])
  assert.deepEqual(await memory.list('uploads/'), [uploadName('8', '500', young)])
})
