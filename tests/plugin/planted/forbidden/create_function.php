<?php
// A function made of a text.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function make( $code ) {
	return create_function( '', $code );
}
