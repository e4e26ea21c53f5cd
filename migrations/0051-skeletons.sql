-- Two names are the same if their skeletons are: what is left when invisible characters are removed and letters that look alike
-- are written as one (UTS 39). The tables: radicals that are drawn like ideographs (EquivalentUnifiedIdeograph.txt), and the
-- letters of Cyrillic and Greek that are drawn like Latin ones. Compatibility forms, such as full-width letters, are NFKC's.
create function skeleton(name text) returns text immutable strict parallel safe language sql as $$
  select translate(
    regexp_replace(normalize(name, NFKC),
      '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]',
      '', 'g'),
    'аеорсухіјѕԁһԛԝӏАВЕКМНОРСТУХІЈЅӀԚԜɡɑıαονριυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳',
    'aeopcyxijsdhqwlABEKMHOPCTYXIJSlQWgaiaovpiuABEZHIKMNOPTYX厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟')
$$;

-- Of names that look the same, the oldest stays; the others get the number of their row. 32 characters are the longest name.
update reader set name = left(name, 12) || ' ' || id
 where exists (select from reader older where skeleton(older.name) = skeleton(reader.name) and older.id < reader.id);
update channel set name = left(name, 12) || ' ' || id
 where exists (select from channel older where skeleton(older.name) = skeleton(channel.name) and older.id < channel.id);

create unique index reader_skeleton on reader (skeleton(name));
create unique index channel_skeleton on channel (skeleton(name));
