import { describe, expect, test } from 'vitest'
import { instantIn } from '../../../../runner/probes/prometheus/instant.ts'

const answered = (resultType: string, result: unknown): string => JSON.stringify({ status: 'success', data: { resultType, result } })

describe('what an instant query returns', () => {
  test.each([
    ['a scalar', answered('scalar', [1_700_000_000, '0.25']), { value: 0.25, series: 1 }],
    ['one series', answered('vector', [{ metric: { job: 'shop' }, value: [1_700_000_000, '12'] }]), { value: 12, series: 1 }],
    [
      'several, which are added',
      answered('vector', [
        { metric: { pod: 'a' }, value: [1_700_000_000, '12'] },
        { metric: { pod: 'b' }, value: [1_700_000_000, '30'] },
      ]),
      { value: 42, series: 2 },
    ],
    ['nothing, which is unknown and not 0', answered('vector', []), { value: null, series: 0 }],
    ['no number', answered('scalar', [1_700_000_000, 'NaN']), { value: null, series: 1 }],
    ['infinity', answered('vector', [{ metric: {}, value: [1_700_000_000, '+Inf'] }]), { value: null, series: 1 }],
    ['a histogram, which is no number', answered('vector', [{ metric: {}, histogram: [1_700_000_000, {}] }]), { value: null, series: 0 }],
  ])('%s', (_, text, instant) => {
    expect(instantIn(200, text)).toEqual(instant)
  })

  test.each([
    [400, JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'invalid parameter "query": 1:5: parse error' }), /parse error/],
    [200, answered('matrix', []), /returns a matrix/],
    [502, '<html>Bad gateway</html>', /with status 502, is none of Prometheus/],
    [200, '{}', /none of Prometheus/],
  ])('%i %s is an error', (status, text, sentence) => {
    expect(() => instantIn(status, text)).toThrow(sentence)
  })
})
