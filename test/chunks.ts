/**
 * The bytes in pieces of these lengths, then the rest in one: as a network may deliver them.
 * @param lengths 0 makes an empty piece
 */
export async function* inChunks(
  bytes: Buffer,
  lengths: readonly number[],
): AsyncGenerator<Buffer, void, undefined> {
  let at = 0
  for (const length of lengths) {
    yield bytes.subarray(at, at + length)
    at += length
  }
  yield bytes.subarray(at)
}
