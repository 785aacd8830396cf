"""Assets of others, found and brought from where they give them away: Poly Haven, ambientCG, Google Scanned Objects,
Objaverse. Nothing here is used unless the user asks for it (`synthgen assets search`, `synthgen assets get`)."""
