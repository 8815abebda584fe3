<?php
/** Visitors' queries come in as a JSON list, in base64; what would be asked of Doorstep for each goes out. */

require __DIR__ . '/wordpress/load.php';
boot_wordpress();
Doorstep\keep_state( json_decode( getenv( 'SETTINGS' ), true ) );

$answers = array();
foreach ( json_decode( stream_get_contents( STDIN ), true ) as $query ) {
	$_SERVER['REQUEST_URI'] = wp_slash( '/apps/doorstep/track?' . base64_decode( $query ) );
	$answers[]              = Doorstep\query_text( Doorstep\signed_pairs( Doorstep\visitor_query() ) );
}
echo json_encode( $answers );
