import { startApp } from '../shared/frame/start-app.tsx'
import { App } from './app.tsx'
import { words } from './words.ts'

startApp(App, words.officeTitle)
