// Starts the viewer. A script of its own, for the page's policy allows none in its markup.
window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Nothing is sent to anybody else: by default a badge would have another host check the document.
  validatorUrl: null,
});
