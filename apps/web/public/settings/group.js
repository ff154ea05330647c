import { create } from '../dom.js'
import { createQueue } from '../queue.js'
import { channelForm } from './channel-names.js'
import { tellBeside } from './fields.js'
import { createTold } from './saving.js'

/** The broadcaster's other channels that belong together with this one. */
export const createGroup = ({ api, channelId, channelNames }) => {
  const told = createTold(api)
  const members = async (position) => (await api.moderationSettings(channelId(), position)).group ?? []

  /** The group is set as a whole, so it is read once more before. */
  const change = async (made) => {
    const channels = made(await members(known))
    const done = await api.act(channelId(), { kind: 'set-group', channels })
    known = done.position
    return done
  }
  let known

  const queue = createQueue({
    title: 'Channels of the group',
    nothing: 'None: this channel stands by itself.',
    load: async (position) => (await members(position)).map((id) => ({ id })),
    draw: ({ id }, doing) => [
      create('strong', {}, channelNames.text(id)),
      ' ',
      doing('Take out of the group', () => change((group) => group.filter((each) => each !== id))),
    ],
  })
  const add = channelForm({
    label: 'Name of the channel',
    help: 'Another channel of the same broadcaster. All of a group are told of each other.',
    submit: 'Add to the group',
    onSubmit: (slug) =>
      told.attempt(
        async () => {
          const id = await channelNames.idOf(slug)
          return change((group) => [...group, id])
        },
        {
          controls: [add.go],
          says: () => `${slug} belongs to the group from now on.`,
          after: async ({ position }) => {
            add.element.reset()
            await queue.refresh(position)
          },
          onError: (error) =>
            tellBeside(error, { name: add.name }, { 'channel.group_unfit': 'name', 'channel.unknown': 'name' }),
        },
      ),
  })
  queue.open()
  queue.element.append(add.element, told.element)
  return {
    element: create(
      'div',
      { class: 'parts' },
      create('p', { class: 'explains' }, 'What is known of a member then offers to do it in all of these at once.'),
      queue.element,
    ),
    show: () => queue.refresh(),
  }
}
