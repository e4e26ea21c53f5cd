/** The pictures a reader may send in to be verified, by their names in the contract. */
export const IDENTITY_PICTURES = ['id_card_front', 'id_card_back', 'id_card_handheld'] as const
export type IdentityPicture = (typeof IDENTITY_PICTURES)[number]

/** Their addresses, which need a token. */
export const identityPicturePath = (picture: IdentityPicture) => `v1/identity/${picture}`
