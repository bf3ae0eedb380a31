"""People and companies: profiles, passwords, invitations, administration, bots."""
