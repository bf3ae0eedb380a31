export const SHORTEST = 10;

export interface PasswordRules {
  long: boolean;
  notMail: boolean;
}

/** The rules a browser can judge while the person types; the commonest passwords are the server's. */
export function passwordRules(password: string, email = ""): PasswordRules {
  const mail = email.trim().toLowerCase();
  return {
    long: [...password].length >= SHORTEST,
    notMail: mail === "" || password.trim().toLowerCase() !== mail,
  };
}

/** 0 nothing, 1 too short, 2 accepted, 3 good, 4 strong: by length and variety, never by symbols. */
export function strength(password: string, email = ""): 0 | 1 | 2 | 3 | 4 {
  const letters = [...password];
  if (letters.length === 0) return 0;
  const rules = passwordRules(password, email);
  const variety = new Set(letters).size;
  if (!rules.long || !rules.notMail || variety < 4) return 1;
  if (letters.length >= 18 && variety >= 9) return 4;
  if (letters.length >= 13 && variety >= 7) return 3;
  return 2;
}
