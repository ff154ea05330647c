import { create } from '../dom.js'
import { createQueue } from '../queue.js'

/** What nobody but moderators says since it was deleted everywhere, until one of them has decided. */
export const createBlockedTerms = ({ api, channelId, act, onCount }) =>
  createQueue({
    title: 'Blocked words',
    nothing: 'Nothing waits to be decided.',
    onCount,
    load: async (position) => (await api.blockedTerms(channelId(), position)).filter(({ kept }) => !kept),
    draw: ({ id, term, match }, doing) => {
      const decide = (keep) => () => act({ kind: 'decide-term', term: id, keep })
      const shown = match === 'pattern' ? create('code', {}, `/${term}/`) : create('strong', {}, term)
      return [
        create('p', {}, shown),
        doing('Keep it blocked', decide(true), { 'aria-label': `Keep ${term} blocked` }),
        doing('Let it be said', decide(false), { 'aria-label': `Let ${term} be said` }),
      ]
    },
  })

/** Bans without end that wait for other moderators, where the channel asks for several. */
export const createProposals = ({ api, channelId, act, names, me, onCount }) =>
  createQueue({
    title: 'Proposed bans',
    nothing: 'No ban waits for others.',
    onCount,
    load: (position) => api.proposals(channelId(), position),
    draw: ({ id, memberId, needed, approvedBy }, doing) => {
      const vote = (approve) => () => act({ kind: 'vote-on-ban', proposal: id, approve })
      return [
        create('p', {}, create('strong', {}, names.text(memberId)), `: ${approvedBy.length} of ${needed} approve`),
        create('p', { class: 'explains' }, 'By ', ...approvedBy.flatMap((each) => [names.text(each), ' '])),
        ...(approvedBy.includes(me()?.id) ? [] : [doing('Ban', vote(true))]),
        doing('Take it back', vote(false)),
      ]
    },
  })
