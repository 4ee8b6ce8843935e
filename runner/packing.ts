/**
 * Plain data in few bytes, for the seconds of a run that nobody looks at for hours: numbers in as many bytes as they need, each text once
 * for all, a histogram's buckets as steps to the next. What comes out equals what went in.
 */
import type { Histogram } from './stats/histogram.ts'

const kinds = { nothing: 0, absent: 1, no: 2, yes: 3, whole: 4, thousandths: 5, real: 6, text: 7, list: 8, record: 9, histogram: 10 } as const

const isHistogram = (value: object): value is Histogram => 'buckets' in value && 'min' in value && 'max' in value && Object.keys(value).length === 5

/** Grows as it is written to; every kind asks for room before it writes. */
class Writer {
  #bytes = new Uint8Array(64 * 1024)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = new Uint8Array(2 * (this.#at + bytes))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }

  byte(value: number): void {
    this.#bytes[this.#at++] = value
  }

  /** Seven bits a byte, the lowest first. */
  whole(value: number): void {
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#at++] = (rest % 128) + 128
    this.#bytes[this.#at++] = rest
  }

  real(value: number): void {
    this.#view.setFloat64(this.#at, value)
    this.#at += 8
  }

  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#at)
    this.#at = 0
    return bytes
  }
}

const mostPerNumber = 9 // bytes, with its kind; 2^53 in sevens has eight

export class Packing {
  readonly #texts: string[] = []
  readonly #places = new Map<string, number>()
  readonly #writer = new Writer()
  #bytes = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  /** @param value of what JSON knows; negative whole numbers and fractions may take nine bytes */
  pack(value: unknown): Uint8Array {
    this.#write(value)
    return this.#writer.take()
  }

  /** @param bytes as the same object packed them */
  unpack(bytes: Uint8Array): unknown {
    this.#bytes = bytes as Uint8Array<ArrayBuffer>
    this.#view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length)
    this.#at = 0
    return this.#read()
  }

  #write(value: unknown): void {
    const writer = this.#writer
    writer.room(2 * mostPerNumber)
    if (typeof value === 'number') this.#writeNumber(value)
    else if (typeof value === 'string') {
      writer.byte(kinds.text)
      writer.whole(this.#placeOf(value))
    } else if (typeof value !== 'object' || value === null)
      writer.byte(value === null ? kinds.nothing : value === undefined ? kinds.absent : value === true ? kinds.yes : kinds.no)
    else if (Array.isArray(value)) {
      writer.byte(kinds.list)
      writer.whole(value.length)
      for (const item of value) this.#write(item)
    } else if (isHistogram(value)) this.#writeHistogram(value)
    else {
      const entries = Object.entries(value)
      writer.byte(kinds.record)
      writer.whole(entries.length)
      for (const [name, item] of entries) {
        writer.room(mostPerNumber)
        writer.whole(this.#placeOf(name))
        this.#write(item)
      }
    }
  }

  #writeNumber(value: number): void {
    const writer = this.#writer
    if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
      writer.byte(kinds.whole)
      writer.whole(value)
      return
    }
    const thousandths = Math.round(value * 1000)
    if (Number.isSafeInteger(thousandths) && thousandths > 0 && thousandths / 1000 === value) {
      writer.byte(kinds.thousandths)
      writer.whole(thousandths)
      return
    }
    writer.byte(kinds.real)
    writer.real(value)
  }

  #writeHistogram({ buckets, count, sum, min, max }: Histogram): void {
    const writer = this.#writer
    writer.room(mostPerNumber * (buckets.length + 8))
    writer.byte(kinds.histogram)
    writer.whole(buckets.length)
    let before = 0
    for (let at = 0; at < buckets.length; at += 2) {
      const index = buckets[at] as number
      writer.whole(index - before)
      writer.whole(buckets[at + 1] as number)
      before = index
    }
    for (const value of [count, sum, min, max]) this.#writeNumber(value)
  }

  #placeOf(text: string): number {
    const known = this.#places.get(text)
    if (known !== undefined) return known
    this.#places.set(text, this.#texts.length)
    return this.#texts.push(text) - 1
  }

  #whole(): number {
    let byte = this.#bytes[this.#at++] as number
    let value = byte % 128
    for (let unit = 128; byte >= 128; unit *= 128) {
      byte = this.#bytes[this.#at++] as number
      value += (byte % 128) * unit
    }
    return value
  }

  #text(): string {
    return this.#texts[this.#whole()] as string
  }

  #read(): unknown {
    const kind = this.#bytes[this.#at++]
    switch (kind) {
      case kinds.nothing:
        return null
      case kinds.absent:
        return undefined
      case kinds.no:
        return false
      case kinds.yes:
        return true
      case kinds.whole:
        return this.#whole()
      case kinds.thousandths:
        return this.#whole() / 1000
      case kinds.real:
        this.#at += 8
        return this.#view.getFloat64(this.#at - 8)
      case kinds.text:
        return this.#text()
      case kinds.list:
        return Array.from({ length: this.#whole() }, () => this.#read())
      case kinds.record:
        return this.#readRecord()
      default:
        return this.#readHistogram()
    }
  }

  #readRecord(): Record<string, unknown> {
    const record: Record<string, unknown> = {}
    for (let left = this.#whole(); left > 0; left--) {
      const name = this.#text()
      // Written plainly, this one name would set the record's prototype.
      if (name === '__proto__') Object.defineProperty(record, name, { value: this.#read(), enumerable: true, configurable: true, writable: true })
      else record[name] = this.#read()
    }
    return record
  }

  #readHistogram(): Histogram {
    const length = this.#whole()
    const buckets = new Array<number>(length)
    let index = 0
    for (let at = 0; at < length; at += 2) {
      index += this.#whole()
      buckets[at] = index
      buckets[at + 1] = this.#whole()
    }
    return { buckets, count: this.#read() as number, sum: this.#read() as number, min: this.#read() as number, max: this.#read() as number }
  }
}
