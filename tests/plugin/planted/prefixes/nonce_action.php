<?php
// A nonce that another plugin's form could have.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function field() {
	wp_nonce_field( 'save' );
}
