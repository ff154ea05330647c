const MODERATORS = new Set(['platform_admin', 'broadcaster', 'lead_moderator', 'moderator'])

/** What whoever looks at the page is in the channel. `onChange(role)` */
export const createRole = ({ onChange }) => {
  let role = null
  const set = (next) => {
    role = next
    onChange(role)
  }
  return {
    set,
    /** The channel gave another role. Who administers the platform is a moderator everywhere. */
    given: (next) => {
      if (role !== 'platform_admin') set(next)
    },
    moderates: () => MODERATORS.has(role),
    /** Whether they give roles to others, and say how the channel is moderated. */
    leads: () => MODERATORS.has(role) && role !== 'moderator',
    /** Whether the channel is theirs, or they look after the platform. */
    owns: () => role === 'broadcaster' || role === 'platform_admin',
  }
}
