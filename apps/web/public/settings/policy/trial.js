import { button, create } from '../../dom.js'
import { kinds } from './kinds.js'

const percent = (share) => (share === null ? '–' : `${Math.round(share * 100)} %`)
const count = (number, one) => `${number.toLocaleString()} ${one}${number === 1 ? '' : 's'}`

const row = (cells, name) =>
  create('tr', {}, ...cells.map((cell) => create(name, name === 'th' ? { scope: 'col' } : {}, cell)))

const rulesOf = (rules) =>
  create(
    'table',
    {},
    create('caption', {}, 'By filter'),
    create('thead', {}, row(['Filter', 'Found', 'Moderators acted on'], 'th')),
    create(
      'tbody',
      {},
      ...rules.map(({ rule, kind, shadow, hits, moderated }) =>
        row(
          [
            `${kinds[kind]?.title ?? kind}, ${rule}${shadow ? ' (on trial)' : ''}`,
            hits.toLocaleString(),
            moderated.toLocaleString(),
          ],
          'td',
        ),
      ),
    ),
  )

/** What a policy would have done to past messages, and what moderators did. `onShow(id)` shows what was said around one. */
export const drawTrial = ({ messages, verdicts, confusion, precision, recall, rules, disagreements }, { onShow }) => {
  if (messages === 0) return [create('p', {}, 'Nothing was said in this week: there is nothing to try it on.')]
  const stopped = verdicts.hold + verdicts.reject + verdicts.time_out
  const { truePositive, falseNegative } = confusion
  return [
    create(
      'p',
      {},
      `Of ${count(messages, 'message')} of the last week it would have stopped ${stopped.toLocaleString()}: ` +
        `${verdicts.reject} refused, ${verdicts.hold} held, ${verdicts.time_out} with a timeout.`,
    ),
    create(
      'p',
      {},
      `Moderators acted on ${truePositive} of these (${percent(precision)}), and on ${falseNegative} that it would have let ` +
        `through; so it finds ${percent(recall)} of what they acted on.`,
    ),
    ...(rules.length > 0 ? [rulesOf(rules)] : []),
    ...(disagreements.length > 0
      ? [
          create('h4', {}, 'Where it and moderators were of two minds'),
          create(
            'ul',
            { class: 'waiting' },
            ...disagreements.slice(0, 10).map(({ id, rule, moderated }) =>
              create(
                'li',
                {},
                moderated
                  ? 'Moderators acted, and it would not have. '
                  : `It would have (${rule}), and moderators did not. `,
                button('What was said', () => onShow(id)),
              ),
            ),
          ),
        ]
      : []),
  ]
}
