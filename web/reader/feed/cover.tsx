/** The pictures of a card. The style reserves their space before they are loaded, so that nothing moves (styles/feed.css). */
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
