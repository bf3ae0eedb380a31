interface Written {
  number: string;
  e164?: string | null;
}

/** What a telephone dials: E.164 where it is known, else the digits as written. */
export function dialled({ number, e164 }: Written): string {
  return e164 || number.replace(/[^\d+*#]/g, "");
}

export function telLink(phone: Written): string {
  return `tel:${dialled(phone)}`;
}

export function smsLink(phone: Written): string {
  return `sms:${dialled(phone)}`;
}

/** Whether a text message can be of use: everywhere but where the number says "work". */
export function takesTexts(phone: Written & { kind: string }): boolean {
  const mobile = /^(\+467|07)/.test(dialled(phone));
  return phone.kind === "mobile" || mobile;
}
