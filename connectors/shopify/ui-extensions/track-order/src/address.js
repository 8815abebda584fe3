// Written anew for each installation: where the app answers.
export const ADDRESS = "https://doorstep.example";
