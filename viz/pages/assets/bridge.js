/* Runs in the notebook, not in the page: passes the numbers that a page tells on to Python. */
export default {
  initialize({ model }) {
    function listen({ data }) {
      if (data?.page !== model.get("page")) return;
      model.set("numbers", data.numbers);
      model.save_changes();
    }
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  },
};
