/** The pictures a reader may send in to be verified, by their names in the contract. */
export const IDENTITY_PICTURES = ['id_card_front', 'id_card_back', 'id_card_handheld'] as const
export type IdentityPicture = (typeof IDENTITY_PICTURES)[number]

/** Their addresses, which need a token. */
export const identityPicturePath = (picture: IdentityPicture) => `v1/identity/${picture}`

/** A Chinese identity number: 18 characters, the last of which may be X, or the 15 digits of the older form. */
export const ID_NUMBER_PATTERN = '^\\s{0,8}(\\d{17}[\\dXx]|\\d{15})\\s{0,8}$'
export const ID_NUMBER_REFUSAL = 'id_number must be an identity number of 18 or 15 characters'
