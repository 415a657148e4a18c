export const zh = {
  title: '登錄',
  intro: '核查總部工作台',
  login: '用戶名',
  password: '密碼',
  submit: '登錄',
  needLogin: '請填寫用戶名',
  needPassword: '請填寫密碼',
  code: '動態碼',
  codeHint: '密碼正確。請輸入手機驗證器上的六位動態碼；手機不在身邊，可輸入一個恢復碼。',
  needCode: '請輸入動態碼',
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
  code: 'Code',
  codeHint:
    'The password is right. Enter the six digits of your authenticator; without the phone, a recovery code.',
  needCode: 'Enter the code',
  expired: 'Sign in to go on; you will return to the page you were on.',
}
