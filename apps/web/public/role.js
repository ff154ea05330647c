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
    /** Whether they give roles to others. */
    assigns: () => MODERATORS.has(role) && role !== 'moderator',
  }
}
