import type { ConversationCommand } from '#libs/contracts/generated/conversation.ts'

export type { ConversationCommand }

/** The command of that type. */
export type ConversationCommandOf<Type extends ConversationCommand['type']> = Extract<
  ConversationCommand,
  { type: Type }
>
