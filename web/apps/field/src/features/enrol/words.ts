/** The words of enrolling. */

export const zh = {
  title: '設備登記',
  lead: '請輸入總部發給您的登記碼。登記一次即可，之後無網絡也能使用。',
  code: '登記碼',
  codeHint: '大小寫與短橫不影響',
  name: '設備名稱',
  nameHint: '總部用它辨認這台設備',
  submit: '登記',
  busy: '正在登記…',
  noCode: '請輸入登記碼',
  first: '正在下載本組的核查資料…',
}

export const en: typeof zh = {
  title: 'Enrol this phone',
  lead: 'Type the code headquarters gave you. Once is enough; after that no network is needed.',
  code: 'Enrolment code',
  codeHint: 'Case and dashes do not matter',
  name: 'Name of this device',
  nameHint: 'Headquarters knows the device by it',
  submit: 'Enrol',
  busy: 'Enrolling…',
  noCode: 'Type the enrolment code',
  first: 'Downloading your team’s data…',
}
