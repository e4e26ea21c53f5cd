import { FileButton } from '@mantine/core'
import { type Editor, useEditorState } from '@tiptap/react'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { PICTURE_TYPES } from '../api/upload-picture.ts'
import { MaterialPicker } from '../materials/material-picker.tsx'
import { editorWords as words } from './editor-words.ts'
import { TextSheet } from './text-sheet.tsx'

interface Tool {
  name: string
  sign: ReactNode
  run: (editor: Editor) => void
  isActive?: (editor: Editor) => boolean
}

const TOOLS: Tool[] = [
  { name: words.bold, sign: <b>B</b>, run: e => e.chain().focus().toggleBold().run(), isActive: e => e.isActive('bold') },
  { name: words.italic, sign: <i>I</i>, run: e => e.chain().focus().toggleItalic().run(), isActive: e => e.isActive('italic') },
  { name: words.underline, sign: <u>U</u>, run: e => e.chain().focus().toggleUnderline().run(), isActive: e => e.isActive('underline') },
  { name: words.strike, sign: <s>S</s>, run: e => e.chain().focus().toggleStrike().run(), isActive: e => e.isActive('strike') },
  { name: words.heading, sign: 'H', run: e => e.chain().focus().toggleHeading({ level: 2 }).run(), isActive: e => e.isActive('heading') },
  { name: words.bulletList, sign: '•', run: e => e.chain().focus().toggleBulletList().run(), isActive: e => e.isActive('bulletList') },
  { name: words.orderedList, sign: '①', run: e => e.chain().focus().toggleOrderedList().run(), isActive: e => e.isActive('orderedList') },
  { name: words.quote, sign: '“', run: e => e.chain().focus().toggleBlockquote().run(), isActive: e => e.isActive('blockquote') },
  { name: words.code, sign: '<>', run: e => e.chain().focus().toggleCodeBlock().run(), isActive: e => e.isActive('codeBlock') },
  { name: words.rule, sign: '—', run: e => e.chain().focus().setHorizontalRule().run() },
  { name: words.undo, sign: '↶', run: e => e.chain().focus().undo().run() },
  { name: words.redo, sign: '↷', run: e => e.chain().focus().redo().run() },
]

/** One stop of the Tab key; arrow keys go from tool to tool. */
export function Toolbar({ editor, onPictures }: { editor: Editor; onPictures: (files: File[]) => void }) {
  const active = useEditorState({ editor, selector: () => TOOLS.map(tool => tool.isActive?.(editor) ?? false) })
  const [asked, setAsked] = useState<'link' | 'alternative'>()
  const [isPicking, setIsPicking] = useState(false)

  const askForAlternative = () => {
    if (editor.isActive('image')) setAsked('alternative')
    else showNotice(words.selectPicture)
  }
  return (
    <div className="toolbar" role="toolbar" aria-label={words.toolbar} onKeyDown={moveFocus}>
      {TOOLS.map((tool, i) => (
        <button
          key={tool.name}
          type="button"
          tabIndex={i === 0 ? 0 : -1}
          aria-label={tool.name}
          title={tool.name}
          aria-pressed={tool.isActive ? active[i] : undefined}
          onClick={() => tool.run(editor)}
        >
          {tool.sign}
        </button>
      ))}
      <button type="button" tabIndex={-1} onClick={() => setAsked('link')}>
        {words.link}
      </button>
      <FileButton multiple accept={PICTURE_TYPES} onChange={onPictures}>
        {props => (
          <button {...props} type="button" tabIndex={-1}>
            {words.insertPicture}
          </button>
        )}
      </FileButton>
      <button type="button" tabIndex={-1} onClick={() => setIsPicking(true)}>
        {words.insertMaterial}
      </button>
      <button type="button" tabIndex={-1} onClick={askForAlternative}>
        {words.alternative}
      </button>
      {isPicking && (
        <MaterialPicker onPick={src => editor.chain().focus().setImage({ src, alt: '' }).run()} onClose={() => setIsPicking(false)} />
      )}
      {asked === 'link' && (
        <TextSheet
          title={words.link}
          label={words.linkAddress}
          initial={editor.getAttributes('link').href ?? ''}
          onApply={address => setLink(editor, address)}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked === 'alternative' && (
        <TextSheet
          title={words.alternative}
          label={words.alternativeText}
          initial={editor.getAttributes('image').alt ?? ''}
          onApply={alt => editor.chain().focus().updateAttributes('image', { alt }).run()}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  )
}

function setLink(editor: Editor, address: string): void {
  const chain = editor.chain().focus().extendMarkRange('link')
  if (address) chain.setLink({ href: /^[a-z]+:/i.test(address) ? address : `https://${address}` }).run()
  else chain.unsetLink().run()
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>(':scope > button')]
  const at = buttons.indexOf(event.target as HTMLElement)
  if (step === undefined || at < 0) return
  event.preventDefault()
  buttons.at((at + step) % buttons.length)?.focus()
}
