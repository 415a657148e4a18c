/** What both apps look like and how they speak. Import `@sansuiji/ui/tokens.css` once. */
export * from './copy'
export * from './fault'
export * from './format'
export * from './i18n'
export * from './preference'
export * from './theme'
