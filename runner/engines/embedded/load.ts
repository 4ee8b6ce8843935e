/** One thread's share of the load: arrivals meet users, journeys run, and at the end everything is counted. */
import type { Scenario } from '../../../scenarios/journey.ts'
import { durationOf } from '../../../scenarios/shape.ts'
import { pickJourney } from '../virtual-user/choose.ts'
import { arrivalsOf, usersOf } from './arrivals.ts'
import { FreeUsers } from './free-users.ts'
import type { Assignment } from './protocol.ts'
import { type Arrival, Scheduler } from './scheduler.ts'
import type { ThrownErrors } from './thrown.ts'
import { type Iteration, User, type World } from './virtual-user.ts'

const told = 200 // milliseconds between looks at the clock, for seconds in which nothing else happens

/** So many iterations, all of which threw, are told at once and not at the end of the second: the run has no future. */
const enoughToGiveUp = 20

export class Load {
  readonly #scheduler: Scheduler
  readonly #users: FreeUsers<User>
  readonly #clock: NodeJS.Timeout
  #ended = 0
  #threw = 0
  #atWork = 0
  #isLastStarted = false
  #isOver = false
  #grace: NodeJS.Timeout | undefined

  /**
   * @param origin the start, on the clock of `world.now`
   * @param onDone when the last journey has ended, or was cut off
   */
  constructor(
    private readonly scenario: Scenario,
    private readonly assignment: Assignment,
    private readonly world: World,
    private readonly thrown: ThrownErrors,
    origin: number,
    private readonly onDone: () => void,
  ) {
    const { plan, worker, workers } = assignment
    this.#users = new FreeUsers(usersOf(plan.users, worker, workers), (index) => new User(worker + 1 + index * workers, world))
    const arrivals = arrivalsOf(plan.shape, plan.seed, { worker, workers, origin })
    const end = origin + durationOf(plan.shape) * 1000
    this.#scheduler = new Scheduler(arrivals, end, world.now, this.#arrive, this.#finishGracefully)
    world.recorder.open(origin)
    this.#clock = setInterval(() => world.recorder.roll(world.now()), told)
  }

  start(): void {
    this.#scheduler.start()
  }

  /** What is due has come; what comes later does not. */
  stop(): void {
    if (this.#isLastStarted || this.#isOver) return
    this.#scheduler.stop(this.#arrive)
    this.#finishGracefully()
  }

  kill(): void {
    if (this.#isOver) return
    if (!this.#isLastStarted) this.#scheduler.stop(({ due }) => this.world.recorder.arrivalDropped(due))
    this.#finish()
  }

  readonly #arrive = ({ number, due }: Arrival, now: number): void => {
    const user = this.#users.take()
    if (user === undefined) {
      this.world.recorder.arrivalDropped(due)
      return
    }
    this.world.recorder.arrivalStarted(due, now)
    this.#atWork += 1
    const iteration = user.begin(number, due, now)
    const { journey } = pickJourney(this.scenario.journeys, this.world.seed, number)
    let going: unknown
    try {
      going = journey.run(user.api)
    } catch (error) {
      this.#leave(user, iteration, journey.name, error, true)
      return
    }
    if (!isPromise(going)) this.#leave(user, iteration, journey.name, undefined, false)
    else
      going.then(
        () => this.#leave(user, iteration, journey.name, undefined, false),
        (error: unknown) => this.#leave(user, iteration, journey.name, error, true),
      )
  }

  #leave(user: User, iteration: Iteration, journey: string, error: unknown, threw: boolean): void {
    if (this.#isOver) return
    const now = this.world.now()
    this.world.recorder.iterationEnded(
      { journey, time: iteration.timeUntil(now), held: now - iteration.startedAt, threw, isUnavailable: iteration.isUnavailable },
      now,
    )
    this.#ended += 1
    if (threw) {
      this.#threw += 1
      this.thrown.add(error)
      if (this.#threw === enoughToGiveUp && this.#ended === enoughToGiveUp) this.world.recorder.cut()
    }
    this.#users.giveBack(user)
    this.#atWork -= 1
    if (this.#isLastStarted && this.#atWork === 0) this.#finish()
  }

  readonly #finishGracefully = (): void => {
    this.#isLastStarted = true
    if (this.#atWork === 0) this.#finish()
    else this.#grace = setTimeout(() => this.#finish(), this.assignment.plan.gracefulStop * 1000)
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#grace)
    clearInterval(this.#clock)
    const { recorder, client, now } = this.world
    recorder.roll(now())
    recorder.iterationsInterrupted(this.#atWork)
    recorder.close()
    client.close()
    this.onDone()
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
