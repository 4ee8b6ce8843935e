/** Reads a question as people type it: a moment, an endpoint, what it is about. No grammar; what is not understood is told. */
import { type Moment, readMoment, type Times } from './moments.ts'
import { feltTopics, subjects, type Topic } from './topics.ts'

export type Question = {
  readonly moment: Moment | undefined
  /** Why a time in it is none of this run's. */
  readonly outside: string | undefined
  readonly endpoint: string | undefined
  readonly topics: readonly Topic[]
  /** It asks for the cause, and not only for figures. */
  readonly asksWhy: boolean
  /** It asks whether something was the cause, or there at all: "is it …", "is there …", "why not …". */
  readonly asksWhether: boolean
  /** Whether more of the same machines would help. */
  readonly asksForMore: boolean
  readonly asksWhen: boolean
  readonly asksWhichEndpoint: boolean
  readonly asksForLeak: boolean
  /** Words that say nothing to us. */
  readonly unknown: readonly string[]
}

/** What the words of a question are held against. */
export type Known = Times & { readonly endpoints: readonly string[] }

const ordinary =
  /^(why|what|what's|when|where|which|who|how|did|do|does|was|were|is|isn't|are|has|had|have|the|a|an|at|in|on|of|to|for|from|by|with|it|it's|its|this|that|these|those|there|then|so|go|went|get|got|gets|become|became|happen|happened|happens|high|higher|highest|low|lower|up|down|much|many|most|rise|rose|risen|grow|grew|grown|drop|dropped|jump|jumped|climb|climbed|increase|increased|decrease|decreased|change|changed|cause|caused|causes|first|break|broke|broken|breaks|limits?|limited|limiting|limit|bottleneck|culprit|blame|fault|problem|problems|issue|issues|trouble|reason|run|runs|ran|out|test|baseline|stress|smoke|spike|soak|breakpoint|peak|step|and|or|not|no|be|been|being|wrong|bad|ok|okay|fine|good|full|busy|exhausted|enough|start|started|end|begin|began|second|seconds|minute|minutes|min|s|around|about|after|before|during|since|until|between|while|time|times|response|per|answers?|endpoints?|routes?|urls?|requests?|any|anything|something|all|some|use|used|using|more|less|than|if|would|could|can|should|will|i|me|my|we|our|us|you|your|tell|show|explain|please|really|just|also|only|still|back|most|worst|best|long|longest|take|took|taken|help|helps|need|needed|missing|stop|stopped|kill|killed|server|application|app|service|system|target)$/i

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The longest name of an endpoint, or piece of its path, that the question has. */
const readEndpoint = (question: string, endpoints: readonly string[]): { readonly endpoint?: string; readonly rest: string } => {
  const lower = question.toLowerCase()
  const whole = endpoints.filter((name) => name.length > 1 && lower.includes(name.toLowerCase())).toSorted((a, b) => b.length - a.length)[0]
  if (whole !== undefined) return { endpoint: whole, rest: question.replace(new RegExp(escaped(whole), 'i'), ' ') }
  const pathOf = (name: string): string => name.toLowerCase().split(' ').at(-1) ?? ''
  for (const word of question.split(/[\s,?!"]+/).filter((each) => each !== '')) {
    const isPath = word.startsWith('/')
    // A word that means something else is no piece of a path.
    if (!isPath && (word.length < 3 || ordinary.test(word) || subjects.some(({ words }) => words.test(word)))) continue
    const matches = endpoints.filter((name) =>
      isPath
        ? pathOf(name) === word.toLowerCase() || (word.length > 1 && pathOf(name).includes(word.toLowerCase()))
        : pathOf(name)
            .split(/[^a-z0-9_-]+/)
            .includes(word.toLowerCase()),
    )
    const found = matches.find((name) => pathOf(name) === word.toLowerCase()) ?? matches[0]
    if (found !== undefined) return { endpoint: found, rest: question.replace(word, ' ') }
  }
  return { rest: question }
}

const more =
  /\b(more|another|extra|additional|bigger|larger|second|add(ing)?|double|twice)\b.*\b(instances?|servers?|replicas?|nodes?|machines?|pods?|tasks?|containers?|workers?|hardware|boxes)\b|\bscal(e|ed|ing)( it)? (out|up|horizontally|vertically)\b|\bscaling\b/i
const whyNot = /\bwhy (not|isn't|wasn't)\b/i
const whether = /^\s*(and\s+)?(is|was|were|are|isn't|wasn't|could|can|does|did|do|has|have|had|any)\b|\b(is|was) (it|there|this)\b|\bwhat about\b/i
const why = /\b(why|causes?|caused|reason|first|broken?|breaks?|wrong|bottleneck|culprit|blame|fault|problem|explain)\b/i
const limit = /\b(limit\w*|what happened)\b/i

/** Topics in the question, and what is left of it. */
const readTopics = (question: string): { readonly topics: readonly Topic[]; readonly left: string } => {
  let left = question
  const topics: Topic[] = []
  for (const { topic, words } of subjects) {
    if (!words.test(left)) continue
    topics.push(topic)
    left = left.replace(new RegExp(words, 'gi'), ' ')
  }
  return { topics, left }
}

/** @example readQuestion('why did latency of /search spike at 0:45?', known) // { moment: { words: 'at 0:45 (15:02:15 UTC)', … }, endpoint: 'GET /search', topics: ['latency'], … } */
export const readQuestion = (question: string, known: Known): Question => {
  const { endpoint, rest: withoutEndpoint } = readEndpoint(question, known.endpoints)
  const asksForMore = more.test(withoutEndpoint)
  const { moment, outside, rest } = readMoment(withoutEndpoint, known)
  const { topics, left } = readTopics(asksForMore ? rest.replace(more, ' ') : rest)
  const resources = topics.filter((topic) => !feltTopics.has(topic))
  const unknown = left.split(/[\s,.;?!"'()+/]+/).filter((word) => word !== '' && !ordinary.test(word) && !/^\d+$/.test(word))
  const asksWhether = !asksForMore && topics.length > 0 && (whyNot.test(question) || (whether.test(question) && !/\b(why|how|what broke)\b/i.test(question)))
  return {
    moment,
    outside,
    endpoint,
    // "Which query was slow" asks of queries.
    topics: topics.includes('queries') || asksWhether ? (resources.length > 0 ? resources : topics) : topics,
    asksWhy: !asksForMore && !asksWhether && (why.test(question) || (topics.length === 0 && limit.test(question))),
    asksWhether,
    asksForMore,
    asksWhen: /\bwhen (did|does|was|has|is)\b/i.test(question),
    asksWhichEndpoint: /\b(which|what) (endpoints?|pages?|routes?|urls?|paths?|requests?)\b/i.test(question),
    asksForLeak: /\bleak\w*\b/i.test(question),
    unknown: [...new Set(unknown)],
  }
}
