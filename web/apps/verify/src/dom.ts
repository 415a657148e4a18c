/** Makes elements. */
export * from '@sansuiji/ui/dom'
