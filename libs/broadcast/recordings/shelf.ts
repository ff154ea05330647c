import { ObjectExists, type ObjectStore } from '#libs/journal/objects.ts'
import { type Piece, pieceFile, piecesAmong } from '#libs/media/recording/piece.ts'

/** Where the names of a finished recording's pieces stand, relative to its folder: one object in the place of a listing. */
const INDEX = 'index'

/** What is stored of a recording below a folder, in the order in which it is played. */
export const listPieces = async (objects: Pick<ObjectStore, 'list'>, folder: string): Promise<readonly Piece[]> =>
  piecesAmong(folder, await objects.list(folder))

/** Puts an object that has one content alone, whoever makes it: what is there already stays. */
export const putOnce = async (objects: Pick<ObjectStore, 'put'>, name: string, bytes: Buffer): Promise<void> => {
  await objects.put(name, bytes).catch((error) => {
    if (!(error instanceof ObjectExists)) throw error
  })
}

/** Writes down what a listing has found, once nothing is added any more. Idempotent: the first one stays. */
export const writeIndex = async (
  objects: Pick<ObjectStore, 'put'>,
  folder: string,
  pieces: readonly Piece[],
): Promise<void> => {
  const names = pieces.map((piece) => folder + pieceFile(piece)).join('\n')
  await putOnce(objects, folder + INDEX, Buffer.from(names))
}

export const hasIndex = async (objects: Pick<ObjectStore, 'get'>, folder: string): Promise<boolean> =>
  (await objects.get(folder + INDEX)) !== undefined

/** The pieces as they were written down, or as they lie there where nothing was yet. */
export const readPieces = async (
  objects: Pick<ObjectStore, 'get' | 'list'>,
  folder: string,
): Promise<readonly Piece[]> => {
  const index = await objects.get(folder + INDEX)
  return index ? piecesAmong(folder, index.toString().split('\n')) : listPieces(objects, folder)
}

/** Removes whatever lies below a folder. */
export const removeFolder = async (objects: Pick<ObjectStore, 'list' | 'remove'>, folder: string): Promise<void> => {
  for (const name of await objects.list(folder)) await objects.remove(name)
}
