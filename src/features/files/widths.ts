/** The widths at which pictures are stored besides their own: for phones, tablets and laptops. */
export const NARROW_WIDTHS = [360, 720, 1280]
