/** Virtual users waiting for an arrival, the one that has waited longest first, as in k6. */

/** A ring with room for all, so that taking and giving back cost the same with ten users and with ten thousand. */
export class FreeUsers<User> {
  readonly #ring: (User | undefined)[]
  #head = 0
  #waiting = 0
  #made = 0

  /** @param make called for each user when it is first needed, with 0, 1, 2 … */
  constructor(
    private readonly most: number,
    private readonly make: (index: number) => User,
  ) {
    this.#ring = new Array<User | undefined>(most)
  }

  /** Undefined when all are at work. A new user is made only when none waits: tens of thousands may be allowed and ten be enough. */
  take(): User | undefined {
    if (this.#waiting === 0) return this.#made < this.most ? this.make(this.#made++) : undefined
    const user = this.#ring[this.#head]
    this.#ring[this.#head] = undefined
    this.#head = (this.#head + 1) % this.most
    this.#waiting -= 1
    return user
  }

  giveBack(user: User): void {
    this.#ring[(this.#head + this.#waiting) % this.most] = user
    this.#waiting += 1
  }
}
