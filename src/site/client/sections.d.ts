declare module 'site:sections' {
  const sections: readonly {
    readonly path: string;
    readonly page: string;
    readonly title: string;
    readonly text: string;
  }[];
  export default sections;
}
