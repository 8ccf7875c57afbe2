export const publish = () => ''
