/** Its place is kept before the pictures come (styles/feed.css), so that nothing ever jumps. */
export function Cover({ images, eager }: { images: string[]; eager: boolean }) {
  return (
    <div className="cover">
      {images.map(src => (
        <div className="picture" key={src}>
          <img
            src={src}
            alt=""
            loading={eager ? 'eager' : 'lazy'}
            decoding="async"
            onError={event => {
              event.currentTarget.hidden = true
            }}
          />
        </div>
      ))}
    </div>
  )
}
