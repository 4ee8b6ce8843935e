/** Real PNG images of known size, 8 bits of grey a pixel. */
import { crc32, deflateSync } from 'node:zlib'
import { randomFrom } from '../../scenarios/shape.ts'

const chunk = (type: string, content: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** Dots at random, so that it packs no better than a bit a pixel, as photographs do not. */
export const aPng = (width: number, height: number): Buffer => {
  const random = randomFrom(1)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1) for (let x = 1; x <= width; x += 1) rows[y * (width + 1) + x] = random() < 0.5 ? 90 : 160
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8 // bits a sample; the other fields are 0: grey, no filter of its own, not interlaced
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}
