import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import { ImageRefused } from './errors.ts'
import { claimedPng, movingPicture, picture, pngWithText } from './images.fixtures.ts'
import { createImages } from './images.ts'
import { avatarPlan, emotePlan } from './plan.ts'
import { render } from './render.ts'

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'taken',
    (error: unknown) => (error instanceof ImageRefused ? { code: error.code, ...error.detail } : error),
  )

const refusedAs = (bytes: Buffer, plan = emotePlan) => refusal(render(bytes, plan))

test('a still picture of every kind becomes WebP in every size', async () => {
  for (const format of ['png', 'jpeg', 'webp', 'avif', 'gif'] as const) {
    const { moving, width, height, renditions } = await render(await picture(format, 80, 40), emotePlan)
    assert.deepEqual([format, moving, width, height], [format, false, 64, 32])
    assert.deepEqual(
      renditions.map(({ name }) => name),
      ['1x', '2x', '3x', '4x'],
    )
    for (const { name, bytes } of renditions) {
      const made = await sharp(bytes).metadata()
      assert.deepEqual([made.format, made.height], ['webp', emotePlan.heights[name]])
      const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
      assert.ok((data[0] ?? 0) > 180 && (data[1] ?? 255) < 80, 'it shows what was sent')
    }
  }
})

test('what moves goes on moving, with its times, and stands still beside it', async () => {
  for (const format of ['gif', 'webp'] as const) {
    const { moving, renditions } = await render(await movingPicture(format, 5), emotePlan)
    assert.equal(moving, true)
    const [first, still] = renditions
    assert.ok(first && still)
    const { pages, delay, pageHeight } = await sharp(first.bytes, { animated: true }).metadata()
    assert.deepEqual([pages, delay, pageHeight], [5, [100, 100, 100, 100, 100], 32])
    assert.equal(still.name, '1x-still')
    assert.equal((await sharp(still.bytes, { animated: true }).metadata()).pages ?? 1, 1)
  }
})

test('an avatar is square and still', async () => {
  const { moving, renditions } = await render(await movingPicture('gif', 3), {
    ...avatarPlan,
    bounds: { ...avatarPlan.bounds, side: 1 },
  })
  assert.equal(moving, false)
  for (const { name, bytes } of renditions) {
    const { width, height, pages = 1 } = await sharp(bytes, { animated: true }).metadata()
    assert.deepEqual([width, height, pages], [Number(name), Number(name), 1])
  }
})

test('a picture that claims to be huge is refused before anything of it is decoded', async () => {
  const bomb = claimedPng(60_000, 60_000)
  assert.ok(bomb.length < 200)
  const before = process.memoryUsage().rss
  assert.deepEqual(await refusedAs(bomb), { code: 'image.too_large', field: 'pixels', max: emotePlan.bounds.pixels })
  assert.ok(process.memoryUsage().rss - before < 500_000_000)
  assert.deepEqual(await refusedAs(claimedPng(64, 64)), { code: 'image.broken' }, 'nor does it hold what it claims')
})

test('frames and their time are bounded, one by one and together', async () => {
  assert.deepEqual(await refusedAs(await movingPicture('gif', 121, 20)), {
    code: 'image.too_large',
    field: 'frames',
    max: 120,
  })
  assert.deepEqual(await refusedAs(await movingPicture('webp', 4, 5000)), {
    code: 'image.too_large',
    field: 'durationMs',
    max: 15_000,
  })
  const small = { ...emotePlan, bounds: { ...emotePlan.bounds, allPixels: 1_600 } }
  assert.deepEqual(await refusedAs(await movingPicture('gif', 4), small), {
    code: 'image.too_large',
    field: 'allPixels',
    max: 1_600,
  })
})

test('bytes, sides and shape are bounded', async () => {
  const { bytes } = emotePlan.bounds
  assert.deepEqual(await refusedAs(Buffer.alloc(bytes + 1)), { code: 'image.too_large', field: 'bytes', max: bytes })
  assert.deepEqual(await refusedAs(await picture('png', 15, 15)), { code: 'image.too_small', min: 16 })
  assert.deepEqual(await refusedAs(await picture('png', 400, 100)), { code: 'image.shape', max: 3 })
})

test('what breaks off is refused, wherever it does', async () => {
  for (const format of ['png', 'jpeg', 'webp', 'gif'] as const) {
    const whole = await sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .toFormat(format)
      .toBuffer()
    for (const part of [0.2, 0.5, 0.8])
      assert.deepEqual(
        await refusedAs(whole.subarray(0, Math.floor(whole.length * part))),
        { code: 'image.broken' },
        `${format} ${part}`,
      )
  }
})

test('documents that could be drawn are no pictures, whatever they begin with', async () => {
  const documents = [
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><image href="file:///etc/passwd"/></svg>',
    '%PDF-1.7\n1 0 obj',
    '<!doctype html><script>alert(1)</script>',
    '',
    'BM',
  ]
  for (const document of documents)
    assert.deepEqual(await refusedAs(Buffer.from(document)), { code: 'image.format_unknown' }, document)
  assert.deepEqual(await refusedAs(await picture('tiff')), { code: 'image.format_unknown' })
  const disguised = Buffer.concat([Buffer.from('GIF89a'), Buffer.from(documents[0] ?? '')])
  assert.deepEqual(await refusedAs(disguised), { code: 'image.broken' })
})

test('of a file that is two things at once only the picture is kept', async () => {
  const script = '<script>steal()</script>'
  const within = await pngWithText(script)
  const behind = Buffer.concat([await picture('gif'), Buffer.from(`${script}PK\x03\x04`)])
  const placed = await sharp(await picture('jpeg'))
    .withExif({ IFD0: { Artist: script }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
    .jpeg()
    .toBuffer()
  for (const bytes of [within, behind, placed]) {
    assert.ok(bytes.includes(script))
    const { renditions } = await render(bytes, emotePlan)
    for (const { bytes: made } of renditions) {
      assert.ok(!made.includes('script') && !made.includes('PK\x03\x04'))
      assert.equal((await sharp(made).metadata()).exif, undefined)
    }
  }
})

test('no bytes whatsoever do anything but render or be refused', async () => {
  const seeds = [await picture('png'), await picture('webp'), await movingPicture('gif', 3), await picture('jpeg')]
  await fc.assert(
    fc.asyncProperty(
      fc.nat(seeds.length - 1),
      fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (seed, changes) => {
        const bytes = Buffer.from(seeds[seed] ?? [])
        for (const [at, value] of changes) bytes[8 + (at % (bytes.length - 8))] = value
        const outcome = await refusedAs(bytes)
        assert.ok(outcome === 'taken' || (outcome as { code?: string }).code?.startsWith('image.'), String(outcome))
      },
    ),
    { numRuns: 60 },
  )
})

test('a picture is stored once for its content, and found by nothing but its own name', async () => {
  const objects = createMemoryObjects()
  const images = createImages(objects)
  const bytes = await picture('png')
  const first = await images.store('emotes', bytes, emotePlan)
  assert.deepEqual(await images.store('emotes', bytes, emotePlan), first)
  assert.equal((await objects.list('emotes/')).length, 4)
  assert.ok(await images.read('emotes', first.key, '2x'))
  await objects.put('secret.webp', Buffer.from('x'))
  for (const [key, rendition] of [
    ['../..', 'secret'],
    [first.key, '../../secret'],
    [first.key, '9x'],
    [first.key.toUpperCase(), '1x'],
    ['0'.repeat(64), '1x'],
  ] as const)
    assert.equal(await images.read('emotes', key, rendition), undefined)
})

test('a place is emptied, and its neighbours are not', async () => {
  const objects = createMemoryObjects()
  const images = createImages(objects)
  const one = await images.store('avatars/4', await picture('png'), avatarPlan)
  const other = await images.store('avatars/42', await picture('png'), avatarPlan)
  await images.remove('avatars/4')
  assert.equal(await images.read('avatars/4', one.key, '64'), undefined)
  assert.ok(await images.read('avatars/42', other.key, '64'))
})

test('pictures wait for one another, and beyond a bound are refused', async () => {
  const images = createImages(createMemoryObjects(), { queue: 1 })
  const bytes = await picture('png')
  const answers = await Promise.all(Array.from({ length: 4 }, () => refusal(images.store('emotes', bytes, emotePlan))))
  assert.deepEqual(answers, ['taken', 'taken', { code: 'image.busy' }, { code: 'image.busy' }])
  assert.equal(await refusal(images.store('emotes', bytes, emotePlan)), 'taken', 'and are taken again afterwards')
})
