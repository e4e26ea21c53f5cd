// The text of an article. Loaded after the rest of the screen: it is the largest part of the studio.

import { EditorContent, useEditor } from '@tiptap/react'
import { type Ref, useImperativeHandle, useState } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { uploadPicture } from '../api/upload-picture.ts'
import { refusalOf } from '../refusal.ts'
import { cleanPaste } from './clean-paste.ts'
import { editorWords as words } from './editor-words.ts'
import { EXTENSIONS } from './extensions.ts'
import { Toolbar } from './toolbar.tsx'
import { unwrapPictures } from './unwrap-pictures.ts'

export interface TextEditorHandle {
  html: () => string
}

export interface TextEditorProps {
  initial: string
  onChange: () => void
  ref: Ref<TextEditorHandle>
}

export function TextEditor({ initial, onChange, ref }: TextEditorProps) {
  const [content] = useState(() => unwrapPictures(initial))
  const editor = useEditor({
    extensions: EXTENSIONS,
    content,
    injectCSS: false, // styles/editor.css has it: the content security policy forbids style elements
    onUpdate: onChange,
    editorProps: {
      attributes: { 'aria-label': words.text, role: 'textbox', 'aria-multiline': 'true', class: 'text' },
      transformPastedHTML: html => unwrapPictures(cleanPaste(html)),
      handlePaste: (_view, event) => takePictures(event.clipboardData, event.clipboardData?.types.includes('text/html')),
      handleDrop: (_view, event, _slice, moved) => !moved && takePictures(event.dataTransfer),
    },
  })
  useImperativeHandle(ref, () => ({ html: () => (editor.isEmpty ? '' : editor.getHTML()) }), [editor])

  /** True if there were pictures. A copied page holds its pictures as HTML, and often a picture of itself besides. */
  function takePictures(data: DataTransfer | null, hasHtml = false): boolean {
    const pictures = [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'))
    if (pictures.length === 0 || hasHtml) return false
    void insertPictures(pictures)
    return true
  }

  async function insertPictures(files: File[]): Promise<void> {
    for (const file of files) {
      try {
        const src = await uploadPicture(file)
        editor.chain().focus().setImage({ src, alt: '' }).run()
      } catch (err) {
        showNotice(words.uploadFailed(refusalOf(err)))
      }
    }
  }

  return (
    <div className="text-editor">
      <Toolbar editor={editor} onPictures={files => void insertPictures(files)} />
      <EditorContent editor={editor} />
    </div>
  )
}
