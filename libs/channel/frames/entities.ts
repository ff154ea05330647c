import { decodeEntities } from '../entities.ts'

export const shownEntities = (entities: string) =>
  decodeEntities(entities).map(({ modifiers, ...entity }) => ({
    ...entity,
    ...(modifiers && { modifiers: [...modifiers] }),
  }))
