/** What broke first, with its evidence, and the illnesses that the run shows the signs of. */
import type { Illness } from '../../../budgets/diagnosis/illness.ts'
import type { Report } from '../../report.ts'
import { causeWords } from '../../why.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { section } from '../parts.ts'

const illness = ({ name, evidence, remedy, confirm }: Illness): Markup => markup`<h3>${name}</h3>
<ul class="notes">${evidence.map((each) => markup`<li>${each}</li>`)}</ul>
<p>What to do:</p><ul class="notes">${remedy.map((each) => markup`<li>${each}</li>`)}</ul>
<p>To see that it helped: <code>${confirm}</code></p>`

export const whySection = ({ findings }: Report): Markup => {
  if (findings === undefined) return nothing
  const { attribution, illnesses, remarks } = findings
  const isTold = attribution.state === 'named' || attribution.state === 'unclear'
  if (!isTold && illnesses.length === 0 && remarks.length === 0) return nothing
  const others =
    isTold &&
    attribution.others.length > 0 &&
    markup`<p>${attribution.state === 'named' ? 'It was not alone:' : 'The nearest to one:'}</p><ul class="notes">${attribution.others.map(({ because }) => markup`<li>${because}</li>`)}</ul>`
  const cause = causeWords(attribution)
  return section(
    'why',
    'What broke first',
    attribution.breach?.because ?? '',
    isTold && markup`<p>${cause !== undefined && markup`<strong>${cause}.</strong> `}${attribution.because}</p>`,
    others,
    markup`${illnesses.map(illness)}`,
    markup`${remarks.map((remark) => markup`<p>${remark}</p>`)}`,
  )
}
