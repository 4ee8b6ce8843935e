import { expect, test } from 'vitest'
import { escaped, jsonIn, markup, nothing, trusted } from '../../../reports/html/markup.ts'

test('what is put in is text', () => expect(markup`<p title="${`"'&`}">${'<b>'}</p>`.markup).toBe('<p title="&quot;&#39;&amp;">&lt;b&gt;</p>'))
test('markup put into markup stays markup, lists are joined', () =>
  expect(markup`<ul>${['a', '<'].map((item) => markup`<li>${item}</li>`)}</ul>`.markup).toBe('<ul><li>a</li><li>&lt;</li></ul>'))
test('false, null and undefined leave nothing, 0 leaves 0', () =>
  expect(markup`${false}${null}${undefined}${nothing}${0}${trusted('<hr>')}`.markup).toBe('0<hr>'))
test('characters that XML forbids, or that turn the text around them, are left out', () => expect(escaped('a\u0000\u001b\u202eb\ud800c\t🛒')).toBe('abc\t🛒'))
test('JSON can’t end the script element it stands in', () => {
  const { markup: text } = jsonIn({ name: '</script><!--' })
  expect(text).not.toContain('<')
  expect(JSON.parse(text)).toEqual({ name: '</script><!--' })
})
