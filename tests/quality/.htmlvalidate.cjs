module.exports = {
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y"],
  rules: {
    "no-implicit-button-type": "off", // a button in a form submits it: that is what ours mean
    "no-redundant-for": "off", // voice control on older systems wants both the nesting and the `for`
    "meta-refresh": "off", // a payment being verified, without JavaScript: five seconds, and only while it lasts
  },
};
