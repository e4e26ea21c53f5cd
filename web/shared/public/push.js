// The service worker of Web Push: shows that there is news, and opens the inbox. It runs when no page is open, and so has its own words.

const isChinese = navigator.language.toLowerCase().startsWith('zh')
const TEXTS = isChinese
  ? {
      like: '有人赞了你的文章',
      follow: '有人关注了你',
      comment: '有人评论了你的文章',
      reply: '有人回复了你的评论',
      'comment-like': '有人赞了你的评论',
      article: '你关注的作者发布了新文章',
    }
  : {
      like: 'Someone liked your article',
      follow: 'Someone followed you',
      comment: 'Someone commented on your article',
      reply: 'Someone answered your comment',
      'comment-like': 'Someone liked your comment',
      article: 'An author you follow published an article',
    }
const NEWS = isChinese ? '有新通知' : 'You have new notifications'

// Browsers demand that every push shows something. The tag lets the newest replace the one before.
addEventListener('push', event => {
  event.waitUntil(registration.showNotification('Broadsheet', { body: textOf(event.data), tag: 'notices', icon: '/icon.svg' }))
})

addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(openInbox())
})

function textOf(data) {
  try {
    return TEXTS[data.json().kind] ?? NEWS
  } catch {
    return NEWS
  }
}

async function openInbox() {
  const pages = await clients.matchAll({ type: 'window' })
  const inbox = pages.find(({ url }) => new URL(url).pathname === '/inbox')
  return inbox ? inbox.focus() : clients.openWindow('/inbox')
}
