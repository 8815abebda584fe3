<?php
// Cleaned, but with WordPress's slashes in it.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function browser() {
	return isset( $_SERVER['HTTP_USER_AGENT'] ) ? sanitize_text_field( $_SERVER['HTTP_USER_AGENT'] ) : '';
}
