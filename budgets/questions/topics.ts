/** What a question can be about: the words people use for it, the series that tell of it, and the probe that would. */
export type Topic =
  | 'latency'
  | 'errors'
  | 'throughput'
  | 'page'
  | 'generator'
  | 'cpu'
  | 'memory'
  | 'collecting'
  | 'connections'
  | 'locks'
  | 'queries'
  | 'database'
  | 'queue'
  | 'retries'
  | 'files'
  | 'cache'
  | 'disk'
  | 'network'

type Subject = {
  readonly topic: Topic
  readonly words: RegExp
  /** In a sentence. */
  readonly label: string
  /** Names of series after the probe's that tell of it; none for what users feel. */
  readonly series?: RegExp
  /** Illnesses that are of it. */
  readonly illnesses?: readonly string[]
  /** Probes that would tell of it. */
  readonly probes?: string
}

/** A word counts for the first of these that knows it. */
export const subjects: readonly Subject[] = [
  {
    topic: 'generator',
    words: /\b(load generator|generator|load machine|perf itself|your own)\b/i,
    label: 'the load generator',
  },
  {
    topic: 'page',
    words: /\b(page loads?|page|lcp|fcp|cls|inp|ttfb|largest contentful paint|first contentful paint|layout shifts?|time to interactive|tti|tbt|browser)\b/i,
    label: 'the page in a browser',
    series: /(lcp|fcp|cls|inp|ttfb|load_time|interactive|blocking|transferred|page)/,
    probes: 'browser',
  },
  {
    topic: 'latency',
    words: /\b(latency|latencies|response times?|slow(er|est|ness|ly)?|fast(er)?|p\d\d\d?|percentiles?|delays?|spikes?|spiked|spiking|wait(ed|ing|s)?)\b/i,
    label: 'response time',
  },
  {
    topic: 'errors',
    words: /\b(errors?|fail(ed|ing|ures?|s)?|status codes?|statuses|5\d\d|4\d\d|5xx|4xx|time-?outs?|timed out|exceptions?|refused|reset)\b/i,
    label: 'errors',
    illnesses: ['rate-limiting'],
  },
  { topic: 'throughput', words: /\b(throughput|rates?|requests? per second|rps|traffic|load)\b/i, label: 'throughput' },
  {
    topic: 'collecting',
    words: /\b(gc|garbage( collect(ion|or|ing))?|collections?|collector)\b/i,
    label: 'garbage collection',
    series: /^(collecting|longest_collection|full_collections|gc\w*)$/,
    illnesses: ['garbage-collection'],
    probes: 'node',
  },
  {
    topic: 'cpu',
    words: /\b(cpus?|cores?|throttl\w*|processors?|event loop)\b/i,
    label: 'CPU',
    series: /^(cpu|waiting_for_cpu|throttled|throttled_time|cpu_pressure|steal|event_loop|event_loop_delay)$/,
    illnesses: ['cpu-throttling', 'cpu-saturation', 'noisy-neighbour'],
    probes: 'process, cgroup or host',
  },
  {
    topic: 'memory',
    words: /\b(memory|ram|heap|leak\w*|oom|swap\w*)\b/i,
    label: 'memory',
    series: /^(memory|heap|swap|oom_kills|memory_pressure)$/,
    illnesses: ['memory-leak', 'out-of-memory'],
    probes: 'process, cgroup or host',
  },
  {
    topic: 'locks',
    words: /\b(locks?|locked|locking|deadlocks?|contention)\b/i,
    label: 'locks',
    series: /^(waiting_for_locks|longest_lock_wait|lock_waits|deadlocks)$/,
    illnesses: ['lock-contention'],
    probes: 'postgres or mysql',
  },
  {
    topic: 'connections',
    words: /\b(connections?|pools?|sessions?|sockets?|ports?)\b/i,
    label: 'connections',
    series: /^(connections|active|idle_in_transaction|pool|clients|blocked_clients|rejected\w*|aborted_connections|sockets\w*)$/,
    illnesses: ['connection-pool', 'ephemeral-ports'],
    probes: 'postgres, mysql, redis or nginx',
  },
  {
    topic: 'queries',
    words: /\b(quer(y|ies)|sql|statements?|index(es)?|n ?\+ ?1)\b/i,
    label: 'statements',
    illnesses: ['missing-index', 'n-plus-one'],
    probes: 'postgres with pg_stat_statements, or mysql with the performance schema',
  },
  {
    topic: 'database',
    words: /\b(databases?|db|postgres\w*|mysql|mariadb)\b/i,
    label: 'the database',
    illnesses: ['lock-contention', 'missing-index', 'n-plus-one'],
    probes: 'postgres or mysql',
  },
  {
    topic: 'queue',
    words: /\b(queues?|queued|queuing|backlog|messages?|rabbitmq|sqs)\b/i,
    label: 'queues',
    series: /(queue|depth|backlog|messages|ready|unacknowledged|oldest_age|max_children_reached)/,
    illnesses: ['queue-growth'],
    probes: 'rabbitmq, sqs or php-fpm',
  },
  {
    topic: 'retries',
    words: /\b(retry storms?|retr(y|ies|ied|ying)|try again|tried again)\b/i,
    label: 'retries',
    series: /^(requests|queries)$/,
    illnesses: ['retry-storm'],
    probes: 'nginx, or another in front of the service that is called',
  },
  {
    topic: 'files',
    words: /\b(files?|descriptors?|fds?)\b/i,
    label: 'open files',
    series: /^open_files$/,
    illnesses: ['file-descriptors'],
    probes: 'process',
  },
  {
    topic: 'cache',
    words: /\b(caches?|cached|caching|hit ratio|hits?|miss(es)?|evict\w*|redis)\b/i,
    label: 'the cache',
    series: /^(cache_\w+|misses|evictions|expirations)$/,
    illnesses: ['cache-stampede'],
    probes: 'redis, postgres or mysql',
  },
  {
    topic: 'disk',
    words: /\b(disks?|storage|i\/o|inodes?|io)\b/i,
    label: 'the disk',
    series: /^(disk\w*(\..+)?|fullest_\w+|inodes\..+|io_pressure|iowait|waiting_for_storage|temp_files)$/,
    illnesses: ['disk-filling'],
    probes: 'host',
  },
  {
    topic: 'network',
    words: /\b(network|bandwidth|packets?)\b/i,
    label: 'the network',
    series: /^(network_\w+|packets_dropped|retransmits|connections_dropped)$/,
    probes: 'host',
  },
]

export const subjectOf = (topic: Topic): Subject => subjects.find((each) => each.topic === topic) as Subject
export const feltTopics: ReadonlySet<Topic> = new Set(['latency', 'errors', 'throughput'])

/** What perf why understands, for who asked for something else. */
export const understood =
  'It understands a time (15:02, 0:45, 90 s, between 0:30 and 0:40, during the spike, at the end), an endpoint, and words for latency, errors, throughput, CPU, memory, garbage collection, connections, locks, queries, database, queues, retries, files, cache, disk, network and page; "what broke first?", "is it the database?", "why not CPU?" and "would more instances help?".'
