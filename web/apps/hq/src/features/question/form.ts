/** Questions by where they are asked, and the form of one. */
import type { components } from '@sansuiji/protocol'

export type Question = components['schemas']['Question']
export type QuestionForm = components['schemas']['NewQuestion']
export type Usage = QuestionForm['usage']
export type Category = QuestionForm['category']
export type Kind = QuestionForm['kind']

export const usages = ['check', 'interview'] as const satisfies readonly Usage[]
export const kinds = [
  'yesno',
  'choice',
  'scale',
  'number',
  'text',
] as const satisfies readonly Kind[]
/** The first is for all categories. */
export const categories = [
  '',
  'village',
  'community',
  'department',
  'soe',
  'hospital',
  'school',
] as const satisfies readonly Category[]

/** The questions of one place to ask them, in order. */
export interface Group {
  readonly usage: Usage
  readonly category: Category
  readonly questions: readonly Question[]
}

/** Groups in the order of usages and categories; those without questions are left out. */
export function groupsOf(all: readonly Question[], withdrawn: boolean): readonly Group[] {
  const shown = all.filter((one) => withdrawn || one.withdrawn_at === undefined)
  return usages.flatMap((usage) =>
    categories
      .map((category) => ({
        usage,
        category,
        questions: shown.filter((one) => one.usage === usage && one.category === category),
      }))
      .filter(({ questions }) => questions.length > 0),
  )
}

/** The ids of a group with one of them moved by some places; undefined: it cannot go there. */
export function moved(group: Group, id: string, by: number): readonly string[] | undefined {
  const ids = group.questions.map((one) => one.id)
  const [from, to] = [ids.indexOf(id), ids.indexOf(id) + by]
  if (from < 0 || to < 0 || to >= ids.length) return undefined
  ids.splice(to, 0, ...ids.splice(from, 1))
  return ids
}

export function blankForm(usage: Usage, category: Category): QuestionForm {
  return {
    code: '',
    usage,
    category,
    kind: usage === 'interview' ? 'scale' : 'yesno',
    text: '',
    hint: '',
    options: '',
    scale_max: 10,
    readable: false,
    required: false,
  }
}

export function formOf(question: Question): QuestionForm {
  const { code, usage, category, kind, text, hint, options, readable, required } = question
  const scale = question.scale_max === undefined ? {} : { scale_max: question.scale_max }
  return { code, usage, category, kind, text, hint, options, readable, required, ...scale }
}

export type FieldName = 'code' | 'text' | 'options' | 'scale_max'

/** What is wrong with a form, by field: a key of the words. */
export function gapsOf(form: QuestionForm): Partial<Record<FieldName, string>> {
  const options = form.options.split('\n').filter((line) => line.trim() !== '')
  const most = form.scale_max ?? 0
  return {
    ...(form.code.trim() === '' ? { code: 'question.need.code' } : {}),
    ...(form.text.trim() === '' ? { text: 'question.need.text' } : {}),
    ...(form.kind === 'choice' && options.length < 2 ? { options: 'question.need.options' } : {}),
    ...(form.kind === 'scale' && !(Number.isInteger(most) && most >= 2 && most <= 100)
      ? { scale_max: 'question.need.scale' }
      : {}),
  }
}

/** What is sent: without what the kind does not have. */
export function sentOf(form: QuestionForm): QuestionForm {
  const { scale_max, ...rest } = form
  return {
    ...rest,
    options: form.kind === 'choice' ? form.options : '',
    readable: form.readable && form.kind === 'scale' && form.usage === 'interview',
    ...(form.kind === 'scale' && scale_max !== undefined ? { scale_max } : {}),
  }
}
