/* The files of the index: one that isn't there holds nothing, and what can't be had is trouble. */
const files = new Map();
export const weather = { trouble: false };

const get = async (url) => {
  try {
    const answer = await fetch(url);
    if (!answer.ok && answer.status !== 404) {
      throw answer;
    }
    return answer.ok ? await answer.text() : "";
  } catch {
    weather.trouble = true;
    files.delete(url);
    return "";
  }
};
const text = (url) => files.get(url) || files.set(url, get(url)).get(url);

/* Return the lines of a file, each as its words. */
export const lines = async (url) => (await text(url)).split("\n").filter(Boolean).map((line) => line.split(" "));

export const json = async (url) => {
  try {
    return JSON.parse(await text(url)) || {};
  } catch {
    weather.trouble = true;
    return {};
  }
};

export const all = async (promises) => (await Promise.all(promises)).flat();
