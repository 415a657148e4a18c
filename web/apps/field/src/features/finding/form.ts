/** The finding form's content, and what is saved of it. */
import type {
  FindingInput,
  FindingKind,
  FindingView,
  PhotoInput,
  Place,
  Severity,
  VoiceInput,
} from '@sansuiji/local'
import type { Id } from '@sansuiji/protocol'

/** What the form holds. */
export interface FindingForm {
  kind: FindingKind
  title: string
  detail: string
  severity: Severity | null
  problem: Id | null
  /** A code of the catalogue. */
  topic: string | null
  responsibleUnit: string
  /** Midnight by the phone's clock, Unix milliseconds. */
  dueAt: number | null
  place: Place | null
  /** Taken since it was last saved. */
  photos: readonly PhotoInput[]
  voices: readonly VoiceInput[]
}

/** A form to start from: empty, or what a finding says. */
export function formFor(finding: FindingView | null): FindingForm {
  return {
    kind: finding?.kind === 'achievement' ? 'achievement' : 'problem',
    title: finding?.title ?? '',
    detail: finding?.detail ?? '',
    severity: (finding?.severity ?? null) as Severity | null,
    problem: finding?.problemId ?? null,
    topic: finding?.topic ?? null,
    responsibleUnit: finding?.responsibleUnit ?? '',
    dueAt: finding?.dueAt ?? null,
    place: finding ? placeOf(finding) : null,
    photos: [],
    voices: [],
  }
}

/** Where a finding was recorded. */
export function placeOf({ latitudeE7, longitudeE7, accuracyM }: FindingView): Place | null {
  if (latitudeE7 === null || longitudeE7 === null) return null
  return { latitudeE7, longitudeE7, accuracyM: accuracyM ?? 0 }
}

/** What to save of a form. An achievement has no severity, and nothing to be mended. */
export function inputOf(
  form: FindingForm,
  where: { readonly visit: Id; readonly id: Id | null },
  submit: boolean,
): FindingInput {
  const mended = {
    severity: form.severity,
    responsibleUnit: form.responsibleUnit,
    dueAt: form.dueAt,
  }
  const none = { severity: null, responsibleUnit: '', dueAt: null }
  return { ...form, ...where, ...(form.kind === 'problem' ? mended : none), submit }
}
