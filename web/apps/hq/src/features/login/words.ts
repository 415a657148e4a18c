export const zh = {
  title: '登錄',
  intro: '核查總部工作台',
  login: '用戶名',
  password: '密碼',
  submit: '登錄',
  needLogin: '請填寫用戶名',
  needPassword: '請填寫密碼',
  expired: '請登錄後繼續，會回到剛才的頁面。',
}

export const en: typeof zh = {
  title: 'Sign in',
  intro: 'Headquarters console',
  login: 'User name',
  password: 'Password',
  submit: 'Sign in',
  needLogin: 'Enter your user name',
  needPassword: 'Enter your password',
  expired: 'Sign in to go on; you will return to the page you were on.',
}
