import { create } from '../dom.js'

/** What a rejection is about, by its code: the fields of an emote. */
export const aboutEmote = {
  'channel.emote_name_invalid': 'name',
  'channel.emote_name_taken': 'name',
  'channel.tier_out_of_range': 'tier',
}

export const nameInput = () =>
  create('input', {
    required: '',
    minlength: '2',
    maxlength: '32',
    pattern: '(?=.*[A-Za-z])[A-Za-z0-9_]+',
    title: '2 to 32 of A–Z, a–z, 0–9 and _, a letter among them',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
  })

export const tierInput = () =>
  create('input', { type: 'number', min: '0', max: '1000', step: '1', value: '0', required: '' })

export const tierHelp = '0: for everybody; 1 and more: for subscribers of this tier and above.'
