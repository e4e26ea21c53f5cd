// Readers, articles and comments in a small world, the statements that may happen to their rows, and what each kind counts.

import type { CounterKind } from './kinds.ts'

// Few ids, so that statements meet each other's rows. They are beyond 2^53, as real ones are.
export const FEW = 4
export const reader = (n: number) => 2n ** 60n + BigInt(n % FEW) * 3n
const article = (n: number) => 2n ** 61n + BigInt(n % FEW) * 3n
const comment = (n: number) => 2n ** 62n + BigInt(n % FEW) * 3n
const event = (n: number) => `'00000000-0000-4000-8000-${String(n % 20).padStart(12, '0')}'::uuid`
const ACTION = `(array['exposure', 'click', 'read', 'collect', 'share', 'like', 'dislike', 'click', 'share'])`

/** What each kind counts, in queries independent of those declared beside the tables. */
export const TRUTH: Record<CounterKind, string> = {
  'article.reads': `select id, (select count(*) from behaviour b where b.article_id = a.id and b.action = 'click')
                              + (select coalesce(sum(behaviours), 0) from behaviour_day d where d.article_id = a.id and d.action = 'click') from article a`,
  'article.likes': 'select id, (select count(*) from attitude t where t.article_id = a.id and t.value = 1) from article a',
  'article.dislikes': 'select id, (select count(*) from attitude t where t.article_id = a.id and t.value = 0) from article a',
  'article.collections': 'select id, (select count(*) from collection c where c.article_id = a.id) from article a',
  'article.comments': 'select id, (select count(*) from comment c where c.article_id = a.id and c.status = 1) from article a',
  'article.shares': `select id, (select count(*) from behaviour b where b.article_id = a.id and b.action = 'share')
                               + (select coalesce(sum(behaviours), 0) from behaviour_day d where d.article_id = a.id and d.action = 'share') from article a`,
  'comment.likes': 'select id, (select count(*) from comment_liking l where l.comment_id = c.id) from comment c',
  'comment.replies': 'select id, (select count(*) from comment r where r.parent_id = c.id and r.status = 1) from comment c',
  'reader.articles': 'select id, (select count(*) from article a where a.author_id = r.id and a.status = 2 and a.appeared) from reader r',
  'reader.followers': 'select id, (select count(*) from following f where f.creator_id = r.id) from reader r',
  'reader.followings': 'select id, (select count(*) from following f where f.reader_id = r.id) from reader r',
  'reader.likes_received': `select id, (select count(*) from article a, attitude t
                             where a.author_id = r.id and t.article_id = a.id and t.value = 1) from reader r`,
  'reader.reads_received': `select id, (select count(*) from article a, behaviour b
                             where a.author_id = r.id and b.article_id = a.id and b.action = 'click')
                         + (select coalesce(sum(behaviours), 0) from article a, behaviour_day d
                             where a.author_id = r.id and d.article_id = a.id and d.action = 'click') from reader r`,
}

export interface Numbers {
  a: number
  b: number
  c: number
  n: number
}

const newArticle = (id: bigint, author: bigint, status: number) =>
  `insert into article (id, author_id, channel_id, title, status, published_at) values (${id}, ${author}, 1, 'title', ${status}, now())`
export const WORLD = `
  ${Array.from({ length: FEW }, (_, n) => newArticle(article(n), reader(n % 3), 2)).join(';\n')};
  insert into attitude values (${reader(0)}, ${article(0)}, 1), (${reader(1)}, ${article(0)}, 0), (${reader(1)}, ${article(1)}, 1);
  insert into collection values (${reader(0)}, ${article(1)}), (${reader(1)}, ${article(1)});
  insert into comment (id, article_id, author_id, parent_id, content) values
    (${comment(0)}, ${article(0)}, ${reader(0)}, null, 'first'), (${comment(1)}, ${article(0)}, ${reader(1)}, ${comment(0)}, 'reply');
  insert into comment_liking values (${reader(0)}, ${comment(0)}), (${reader(1)}, ${comment(0)}), (${reader(1)}, ${comment(1)});
  insert into following values (${reader(0)}, ${reader(1)}), (${reader(1)}, ${reader(2)});
  insert into behaviour (id, action, article_id) values
    (${event(0)}, 'click', ${article(0)}), (${event(1)}, 'share', ${article(0)}), (${event(2)}, 'click', ${article(1)}),
    (${event(3)}, 'click', ${article(2)})`
const events = (start: number, n: number) => `
  select ('00000000-0000-4000-8000-' || lpad((g % 20)::text, 12, '0'))::uuid, ${ACTION}[1 + g % 9], id
    from generate_series(${start}, ${start + n}) g join article on article.id = ${article(0)} + g % ${FEW} * 3`

/** All that an administrator in psql, an import or a feature could do. `copy` takes its lines from stdin. */
export const STATEMENTS: Record<string, (numbers: Numbers) => string | { copy: string; lines: string }> = {
  'insert an article': ({ a, b, n }) => `${newArticle(article(a), reader(b), n % 6)} on conflict do nothing`,
  'insert an article or change its status': ({ a, b, n }) =>
    `${newArticle(article(a), reader(b), n % 6)} on conflict (id) do update set status = excluded.status`,
  'insert an article or change its author': ({ a, b }) =>
    `${newArticle(article(a), reader(b), 2)} on conflict (id) do update set author_id = excluded.author_id`,
  'publish the articles of an author': ({ a, n }) => `update article set status = ${2 - (n % 2)} where author_id = ${reader(a)}`,
  'change the status of all articles': () => 'update article set status = (status + 1) % 4',
  'date an article': ({ a, n }) =>
    `update article set published_at = now() + make_interval(hours => ${(n % 3) - 1}) where id = ${article(a)}`,
  'insert an article with a date to come': ({ a, b }) => `
    insert into article (id, author_id, channel_id, title, status, published_at)
    values (${article(a)}, ${reader(b)}, 1, 'soon', 2, now() + interval '1 hour') on conflict do nothing`,
  'let articles appear': () => 'update article set appeared = true where not appeared',
  'give an article to another author': ({ a, b }) => `update article set author_id = ${reader(b)} where id = ${article(a)}`,
  'delete an article': ({ a }) => `delete from article where id = ${article(a)}`,
  'merge articles': ({ a, b, n }) => `
    merge into article t
    using (values (${article(a)}, ${reader(b)}), (${article(a + 1)}, ${reader(b + 1)})) as s (id, author_id) on t.id = s.id
    when matched and t.status = 2 then update set status = ${n % 6}
    when matched and t.status = 5 then delete
    when matched then do nothing
    when not matched then insert (id, author_id, channel_id, title, status, published_at)
      values (s.id, s.author_id, 1, 'merged', 2, now())`,
  'delete an article and its rows in one statement': ({ a }) => `
    with one as (delete from attitude where article_id = ${article(a)}), two as (delete from behaviour where article_id = ${article(a)}),
         day as (delete from behaviour_day where article_id = ${article(a)}), three as (delete from collection where article_id = ${article(a)})
    delete from article where id = ${article(a)}`,
  'delete an article and insert it again for another author in one statement': ({ a, b }) => `
    with old as (delete from article where id = ${article(a)} returning id)
    insert into article (id, author_id, channel_id, title, status, published_at) select id, ${reader(b)}, 1, 'again', 2, now() from old`,

  'insert attitudes': ({ a, b, n }) =>
    `insert into attitude (reader_id, article_id, value)
     values (${reader(a)}, ${article(b)}, ${n % 2}), (${reader(a + 1)}, ${article(b)}, 1)`,
  'insert or flip an attitude': ({ a, b, n }) => `
    insert into attitude (reader_id, article_id, value) values (${reader(a)}, ${article(b)}, ${n % 2}), (${reader(a + 1)}, ${article(b)}, 1)
    on conflict (reader_id, article_id) do update set value = excluded.value where attitude.value <> excluded.value`,
  'insert attitudes of all readers': ({ n }) => `
    insert into attitude select r.id, a.id, ${n % 2} from reader r, article a where (r.id + a.id) % 2 = ${n % 2} on conflict do nothing`,
  'flip attitudes': ({ a }) => `update attitude set value = 1 - value where article_id = ${article(a)}`,
  'move attitudes': ({ a, b }) => `update attitude set article_id = ${article(b)} where article_id = ${article(a)}`,
  'move and flip an attitude': ({ a, b, c }) =>
    `update attitude set article_id = ${article(b)}, value = 1 - value where article_id = ${article(a)} and reader_id = ${reader(c)}`,
  'set attitudes to what they are': () => 'update attitude set value = value, at = now()',
  'delete attitudes': ({ a }) => `delete from attitude where article_id = ${article(a)}`,
  'delete an attitude': ({ a, b }) => `delete from attitude where reader_id = ${reader(a)} and article_id = ${article(b)}`,
  'copy likes in': ({ a, b }) => ({
    copy: 'copy attitude (reader_id, article_id, value) from stdin',
    lines: `${reader(a)}\t${article(b)}\t1\n${reader(a + 1)}\t${article(b)}\t0\n`,
  }),

  'insert collections': ({ a, b }) =>
    `insert into collection values (${reader(a)}, ${article(b)}), (${reader(a)}, ${article(b + 1)}) on conflict do nothing`,
  'all readers collect': ({ a }) => `insert into collection select id, ${article(a)} from reader on conflict do nothing`,
  'move collections': ({ a, b, c }) =>
    `update collection set article_id = ${article(b)} where article_id = ${article(a)} and reader_id <> ${reader(c)}`,
  'turn collections into likes': ({ a }) => `
    with taken as (delete from collection where article_id = ${article(a)} returning reader_id)
    insert into attitude select reader_id, ${article(a)}, 1 from taken on conflict (reader_id, article_id) do update set value = 1`,
  'delete collections': ({ a, n }) =>
    `delete from collection where ${n % 2 ? 'article_id' : 'reader_id'} = ${n % 2 ? article(a) : reader(a)}`,

  'insert a comment': ({ a, b, c, n }) =>
    `insert into comment (id, article_id, author_id, content, status)
     values (${comment(n)}, ${article(a)}, ${reader(b)}, 'first', ${c % 4})`,
  'insert replies': ({ a, b, c, n }) => `
    insert into comment (id, article_id, author_id, parent_id, content, status)
    select ${comment(0)} + g % ${FEW} * 3, article_id, ${reader(b)}, id, 'reply', ${c % 2} + g % 2
      from comment, generate_series(${n}, ${n + 1}) g where id = ${comment(a)} on conflict do nothing`,
  'insert or show a comment': ({ a, b, n }) => `
    insert into comment (id, article_id, author_id, content, status) values (${comment(n)}, ${article(a)}, ${reader(b)}, 'again', 2)
    on conflict (id) do update set status = 1, article_id = excluded.article_id`,
  'review comments': ({ a, c }) => `update comment set status = ${c % 4} where article_id = ${article(a)}`,
  'move comments': ({ a, b }) => `update comment set article_id = ${article(b)} where article_id = ${article(a)}`,
  'move replies': ({ a, b }) => `update comment set parent_id = ${comment(b)} where parent_id = ${comment(a)}`,
  'turn replies into comments': ({ a }) => `update comment set parent_id = null where parent_id = ${comment(a)}`,
  'change the id of a comment': ({ a, b }) => `update comment set id = ${comment(b)} where id = ${comment(a)}`,
  'pin comments': () => 'update comment set pinned = not pinned',
  'delete comments': ({ a, n }) => `delete from comment where ${n % 2 ? `id = ${comment(a)}` : `article_id = ${article(a)}`}`,

  'insert comment likings': ({ a, b }) =>
    `insert into comment_liking select ${reader(a)}, id from comment where id >= ${comment(b)} on conflict do nothing`,
  'move comment likings': ({ a, b }) => `update comment_liking set comment_id = ${comment(b)} where comment_id = ${comment(a)}`,
  'delete comment likings': ({ a, n }) =>
    `delete from comment_liking where comment_id = ${comment(a)}${n % 2 ? '' : ` or reader_id = ${reader(a)}`}`,

  'insert followings': ({ a, b }) =>
    `insert into following (reader_id, creator_id)
     values (${reader(a)}, ${reader(b)}), (${reader(b)}, ${reader(a + 1)}) on conflict do nothing`,
  'reverse followings': ({ a }) => `update following set reader_id = creator_id, creator_id = reader_id where reader_id = ${reader(a)}`,
  'move followings': ({ a, b }) => `update following set creator_id = ${reader(b)} where creator_id = ${reader(a)}`,
  'delete followings': ({ a, n }) => `delete from following where ${n % 2 ? 'reader_id' : 'creator_id'} = ${reader(a)}`,

  'insert behaviours': ({ a, n }) => `insert into behaviour (id, action, article_id)${events(a * 7, n)} on conflict do nothing`,
  'insert behaviours again': ({ a, n }) => `
    insert into behaviour (id, action, article_id)${events(a * 7, n)}
    on conflict (id) do update set article_id = excluded.article_id, action = excluded.action`,
  'copy behaviours in': ({ a, b, n }) => ({
    copy: 'copy behaviour (id, action, article_id) from stdin',
    lines: `${event(n).slice(1, 37)}\tclick\t${article(a)}\n${event(n + 1).slice(1, 37)}\tshare\t${article(b)}\n`,
  }),
  'move behaviours': ({ a, b }) => `update behaviour set article_id = ${article(b)} where article_id = ${article(a)}`,
  'swap clicks and shares': () =>
    `update behaviour set action = case action when 'click' then 'share' else 'click' end where action in ('click', 'share')`,
  'add behaviours up': ({ a }) => `
    with gone as (delete from behaviour where article_id = ${article(a)} returning article_id, action)
    insert into behaviour_day (article_id, day, action, behaviours) select article_id, '2026-01-31', action, count(*) from gone group by 1, 3
    on conflict (article_id, day, action, from_channel) do update set behaviours = behaviour_day.behaviours + excluded.behaviours`,
  'delete behaviours': ({ a, n }) => `delete from behaviour where article_id = ${article(a)} and action <> ${ACTION}[${1 + (n % 9)}]`,
}
