// What an article's text may contain: the tags that the server keeps, as far as an editor can write them.

import { Mark } from '@tiptap/core'
import { Image } from '@tiptap/extension-image'
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table'
import { StarterKit } from '@tiptap/starter-kit'

const markOfTag = (tag: string) => Mark.create({ name: tag, parseHTML: () => [{ tag }], renderHTML: () => [tag, 0] })

/** Without the widths that the library writes as styles: the content security policy reports them when the text is opened again. */
const PlainTable = Table.extend({ renderHTML: ({ HTMLAttributes }) => ['table', HTMLAttributes, ['tbody', 0]] })

export const EXTENSIONS = [
  StarterKit.configure({ link: { openOnClick: false, protocols: ['http', 'https', 'mailto'] } }),
  Image.configure({ allowBase64: true }),
  PlainTable,
  TableRow,
  TableHeader,
  TableCell,
  ...['sub', 'sup', 'mark', 'small'].map(markOfTag),
]
