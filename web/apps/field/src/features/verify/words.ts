/** The words of verifying a problem or a commitment. */

export const zh = {
  title: '查驗',
  outcome: '查驗結果',
  note: '查驗說明',
  noteHint: '看到了什麼、問了誰、有何依據',
  by: '上次查驗：{who} {when}',
  due: '完成時限',
  goal: '預期目標',
  progress: '進展',
  next: '保存，查下一條',
  done: '{unit} · 已查驗 {progress}',
}

export const en: typeof zh = {
  title: 'Verify',
  outcome: 'Outcome',
  note: 'What was seen',
  noteHint: 'What you saw, whom you asked, on what grounds',
  by: 'Last verified: {who} {when}',
  due: 'Due',
  goal: 'Goal',
  progress: 'Progress',
  next: 'Save, next one',
  done: '{unit} · {progress} verified',
}
